"""The report."""
def answer(results): return ""
def write(*a): return ""
