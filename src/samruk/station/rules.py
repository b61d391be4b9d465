"""What a plan must keep before it is sent: the rules that the aircraft has too, and the terrain that the station knows."""
from __future__ import annotations
