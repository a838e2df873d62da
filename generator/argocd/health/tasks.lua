-- Ready says nothing of tasks: a connector stays Ready while none of its tasks runs.
for _, c in ipairs(connectors) do
  local name = "connector " .. (c.name or obj.metadata.name)
  local state = c.connector and c.connector.state
  if state == "FAILED" then
    return { status = "Degraded", message = name .. " FAILED" }
  elseif state == "PAUSED" or state == "STOPPED" then
    resting = name .. " is " .. state
  elseif state == "UNASSIGNED" or state == "RESTARTING" then
    restless = name .. " is " .. state
  end
  for _, t in ipairs(c.tasks or {}) do
    local task = "task " .. tostring(t.id) .. " of " .. name
    if t.state == "FAILED" then
      return { status = "Degraded", message = task .. " FAILED" }
    elseif t.state == "UNASSIGNED" or t.state == "RESTARTING" then
      restless = task .. " is " .. t.state
    end
  end
end
