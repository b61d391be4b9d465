"""Bytes and ways between aircraft and stations.

    mavlink/     messages to bytes and back, signatures, telemetry logs
    transport/   UDP, memory, lossy ways, bearers
"""
