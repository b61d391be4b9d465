"""A whole session on this machine: processes of aircraft and stations, joined only by radio, kept alive."""
