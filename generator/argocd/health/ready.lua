local failed = condition("NotReady") or condition("Ready", "False")
if failed ~= nil then
  if failed.reason == "Creating" then
    return { status = "Progressing", message = why(failed) }
  end
  return { status = "Degraded", message = why(failed) }
end
if not condition("Ready") then
  return { status = "Progressing", message = "the operator is at work" }
end
if restless ~= nil then
  return { status = "Progressing", message = restless }
end
return { status = "Healthy", message = resting or "" }
