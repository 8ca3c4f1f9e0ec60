"""Pure rules of one-stop dossiers: codes, statuses, clocks, the on-time formula, the service index, forms by date."""
