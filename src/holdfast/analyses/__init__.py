"""One folder for each question a plan must answer."""
