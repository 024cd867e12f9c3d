"""What a person reads: one HTML file, CSV, XLSX."""
