"""What each page shows: functions from a View to a Card, one module per page. They draw nothing themselves."""
