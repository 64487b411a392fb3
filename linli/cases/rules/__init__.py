"""Who may do what with a case, and what is never kept."""
