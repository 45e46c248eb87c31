"""What stands beside the report for readers with a minute, with a screen to fill, or with other needs."""
