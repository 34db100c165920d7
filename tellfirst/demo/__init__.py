"""The demo: a packaged story of a small shop, the shipped rules, and what customers were told; nothing leaves the machine."""
