-- For wrk: asks for the addresses of a file, in their order and from the start
-- again, and writes what came of it as one line of JSON.

local requests, count, at = {}, 0, 0

function init(args)
  local made = {}
  for address in io.lines(args[1]) do
    local request = made[address]
    if not request then
      request = wrk.format("GET", address)
      made[address] = request
    end
    count = count + 1
    requests[count] = request
  end
end

function request()
  at = at % count + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
