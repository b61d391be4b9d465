"""Many dispersed flights of one mission: how likely it is to complete, and what drives that."""
