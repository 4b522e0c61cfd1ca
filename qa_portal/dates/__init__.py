"""Days: today in Almaty, working days, intervals, the academic year."""
