"""What people of an area write for their assessment, read as data that may be wrong."""
