"""Floor 1: files become records and faults. Touches the disk, decides nothing about publication."""
