"""What drivers report from the road."""
