-- Sends the requests of a file in turn, repeatedly. A line that begins with { is the body of a POST, any other line a
-- path; the second argument is the secret of the client, if it needs one. Prints the results as JSON.
local requests, n = {}, 0

function init(args)
  local headers = { ["Content-Type"] = "application/json", ["Accept"] = "application/json" }
  if args[2] ~= "" then
    headers["Authorization"] = "Bearer " .. args[2]
  end
  for line in io.lines(args[1]) do
    if line:sub(1, 1) == "{" then
      table.insert(requests, wrk.format("POST", nil, headers, line))
    else
      table.insert(requests, wrk.format("GET", line, headers))
    end
  end
end

function request()
  n = n % #requests + 1
  return requests[n]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('\n{"requests":%d,"microseconds":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
