"""What an area and its shape must be: predicates and readers, no writes."""
