"""What holds without writing: the arithmetic of limits, alarms of a deadline, who may do what."""
