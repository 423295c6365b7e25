"""The composition root of the window: builds, wires, starts, stops. The only package that knows everyone."""
