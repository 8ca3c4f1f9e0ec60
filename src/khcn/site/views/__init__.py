"""Pages of the site itself: home, inbox, search, profile, accounts and the services that pages call."""
