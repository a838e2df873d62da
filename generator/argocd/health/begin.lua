local status = obj.status
if status == nil or status.conditions == nil then
  return { status = "Progressing", message = "the operator has not seen it yet" }
end
local function condition(kind, value)
  for _, c in ipairs(status.conditions) do
    if c.type == kind and c.status == (value or "True") then
      return c
    end
  end
end
local function why(c)
  return (c.reason or c.type) .. ": " .. (c.message or "no message")
end
if condition("ReconciliationPaused") then
  return { status = "Suspended", message = "reconciliation is paused: its spec takes no effect" }
end
if condition("Unmanaged") then
  return { status = "Healthy", message = "the operator leaves it alone" }
end
-- Ready may still speak of the spec before this one.
if status.observedGeneration ~= nil and status.observedGeneration < (obj.metadata.generation or 0) then
  return { status = "Progressing", message = "the operator has not seen the newest spec yet" }
end
local restless, resting
