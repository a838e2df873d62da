-- A proposal that nobody has approved is no unfinished work: a sync that waited for it
-- would wait for a person, and Cruise Control may take long to find its first one.
local failed = condition("NotReady")
if failed ~= nil then
  return { status = "Degraded", message = why(failed) .. "; annotate it strimzi.io/rebalance=refresh to try again" }
end
if condition("ProposalReady") then
  return { status = "Healthy", message = "a proposal waits; annotate it strimzi.io/rebalance=approve to move partitions" }
end
if condition("PendingProposal") then
  return { status = "Healthy", message = "Cruise Control computes a proposal" }
end
if condition("Stopped") then
  return { status = "Healthy", message = "stopped; annotate it strimzi.io/rebalance=refresh to start anew" }
end
if condition("Ready") then
  return { status = "Healthy", message = "partitions are where the proposal put them" }
end
return { status = "Progressing", message = condition("Rebalancing") and "Cruise Control moves partitions" or "the operator is at work" }
