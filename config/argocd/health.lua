-- What Argo CD shows for a TracePolicy: Healthy, Progressing or Degraded, by the conditions that the operator writes.
local answer = {status = "Progressing", message = "the operator has not seen it yet"}
local status = obj.status
if status == nil or status.conditions == nil then
  return answer
end
if status.observedGeneration ~= obj.metadata.generation then
  answer.message = "the operator has not seen this generation yet"
  return answer
end
for _, condition in ipairs(status.conditions) do
  if condition.type == "Stalled" and condition.status == "True" then
    return {status = "Degraded", message = condition.message}
  end
  if condition.type == "Reconciling" and condition.status == "True" then
    answer.message = condition.message
  end
  if condition.type == "Ready" and condition.status == "True" then
    answer = {status = "Healthy", message = condition.message}
  end
end
return answer
