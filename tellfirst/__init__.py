"""The front door: settings, wiring, the clock, the commands, HTTP and the demo."""
