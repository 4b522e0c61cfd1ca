"""The demo university: invented people, and a year of findings that went through the real steps."""
