"""How the reference aircraft's derived numbers come about: shape, flow, sections, drag, weights, blades."""
