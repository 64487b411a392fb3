"""How Linli is put together on one machine: settings, addresses, the web entrance."""
