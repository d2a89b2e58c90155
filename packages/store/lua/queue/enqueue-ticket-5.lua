#!lua flags=allow-oom
-- Puts a session's ticket into a queue, or renews the one that is there; its place stays. A ticket that was requested
-- earlier than the one in the queue, or by an earlier epoch, changes nothing.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes
-- ARGV: 1 session  2 ticket (JSON)  3 number (of the ticket)  4 epoch  5 connected ('1' or '0')
--       6 at (an old place; '' the end)
-- Returns { place, rank from 0 }
-- Errors: -2 fenced: the ticket is older than the one in the queue
local waiting, tickets, stamps, meta, changes = unpack(KEYS)
local session, ticket, number, epoch, connected, at = unpack(ARGV)
local stamp = redis.call('HGET', stamps, session)
if stamp then
  local newest, by = string.match(stamp, '^(%d+) (%d+)')
  if tonumber(newest) > tonumber(number) then return -2 end
  if tonumber(newest) == tonumber(number) and tonumber(by) > tonumber(epoch) then return -2 end
end
local current = redis.call('ZSCORE', waiting, session)
local place = tonumber(current or (at ~= '' and at) or redis.call('HINCRBY', meta, 'place', 1))
if at ~= '' then place = math.min(place, tonumber(at)) end
stamp = number .. ' ' .. epoch .. ' ' .. connected
redis.call('ZADD', waiting, place, session)
redis.call('HSET', tickets, session, ticket)
redis.call('HSET', stamps, session, stamp)
local revision = redis.call('HINCRBY', meta, 'revision', 1)
redis.call('SPUBLISH', changes, cjson.encode({ revision, 'put', session, place, stamp, ticket }))
return { place, redis.call('ZRANK', waiting, session) }
