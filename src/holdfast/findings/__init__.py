"""Requirements, the verdict, and why."""
