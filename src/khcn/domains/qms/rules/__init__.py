"""Pure rules of the quality systems: machines, scores, samples, scope, scales, maps; no storage and no clock."""
