#!lua
-- Makes a pairing final. If both tickets are there with the stamps that the matchmaker saw, of one cohort, both in the
-- shadow pool or neither, and no ban is in force for either, both are taken out and the assignment is written. A banned
-- ticket is taken out; else nothing changes.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes  6 assignments  7 banned
-- ARGV: 1 one (session)  2 oneStamp  3 two (session)  4 twoStamp  5 room  6 waited (by both together, ms)  7 now (ms)
-- Returns 1 · 0 a ticket is gone or has changed, was banned, or may not meet the other one
local waiting, tickets, stamps, meta, changes, assignments, banned = unpack(KEYS)
local one, oneStamp, two, twoStamp, room, waited, now = unpack(ARGV)

local function take(...)
  redis.call('ZREM', waiting, ...)
  redis.call('HDEL', tickets, ...)
  redis.call('HDEL', stamps, ...)
  local revision = redis.call('HINCRBY', meta, 'revision', 1)
  redis.call('SPUBLISH', changes, cjson.encode({ revision, 'drop', ... }))
end

local found = redis.call('HMGET', stamps, one, two)
if found[1] ~= oneStamp or found[2] ~= twoStamp then return 0 end
local oneTicket, twoTicket = unpack(redis.call('HMGET', tickets, one, two))
if redis.call('HLEN', banned) > 2 then -- revision and lengths are always there
  local lengths = cjson.decode(redis.call('HGET', banned, 'lengths'))
  local oneBanned, oneShadowed = standingOf(oneTicket, banned, lengths, now)
  local twoBanned, twoShadowed = standingOf(twoTicket, banned, lengths, now)
  local out = {}
  if oneBanned then out[#out + 1] = one end
  if twoBanned then out[#out + 1] = two end
  if #out > 0 then
    take(unpack(out))
    return 0
  end
  if oneShadowed ~= twoShadowed then return 0 end
end
if cohortOf(oneTicket) ~= cohortOf(twoTicket) then return 0 end
local onePlace, twoPlace = unpack(redis.call('ZMSCORE', waiting, one, two))
take(one, two)
redis.call('XADD', assignments, '*', 'room', room,
  'one', one, 'oneStamp', oneStamp, 'onePlace', onePlace, 'oneTicket', oneTicket,
  'two', two, 'twoStamp', twoStamp, 'twoPlace', twoPlace, 'twoTicket', twoTicket)
redis.call('HINCRBY', meta, 'pairs', 1)
redis.call('HINCRBY', meta, 'waitedMs', waited)
return 1
