"""Data that come with the portal: mechanisms, duties, kinds of reports. What is missing is made, what is there stays."""
