"""Places, the people the organisation serves, how to reach them safely, what they agreed to."""
