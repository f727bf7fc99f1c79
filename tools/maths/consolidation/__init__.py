"""What can travel together: days and carriers of shipments, and boxes on pallets."""
