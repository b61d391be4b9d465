"""A mission file as data: `parse` turns its text, and the texts of what it names, into flights for the step.

Pure: text in, data out; `samruk.load` finds and opens files. The keys are listed in docs/files.md.
"""

from samruk.mission_file.mission_text import Flight, Mission, parse, settings

__all__ = ["Flight", "Mission", "parse", "settings"]
