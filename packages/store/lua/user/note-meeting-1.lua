#!lua flags=allow-oom
-- Notes that two users meet in a room, and returns whether they met in another one before, as long as that is
-- remembered. A repetition for the same room gets the same answer.
-- KEYS: 1 meeting
-- ARGV: 1 room  2 lifetime (ms)
-- Returns 1 they met before · 0 they did not
local meeting = unpack(KEYS)
local room, lifetime = unpack(ARGV)
local latest, repeated = unpack(redis.call('HMGET', meeting, 'room', 'repeated'))
if latest ~= room then
  repeated = latest and '1' or '0'
  redis.call('HSET', meeting, 'room', room, 'repeated', repeated)
  redis.call('PEXPIRE', meeting, lifetime)
end
return tonumber(repeated)
