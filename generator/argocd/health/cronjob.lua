-- Argo CD 3 says Suspended, for which a sync waits: the phase that suspends it would never end.
-- Nor may the failure of a run long ago hold up a phase that lets it run again.
return { status = "Healthy", message = obj.spec.suspend and "it is suspended" or "" }
