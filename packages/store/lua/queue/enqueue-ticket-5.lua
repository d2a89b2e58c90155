#!lua
-- Puts a ticket into a queue, or renews the one that the session has there; the place is kept. A ticket that was asked for earlier,
-- or by an earlier epoch, than the one in the queue changes nothing.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes (channel)
-- ARGV: 1 session  2 ticket (JSON)  3 number of the ticket  4 epoch  5 1 if connected else 0  6 place ('' at the end)
-- Returns { place, rank from 0 } · -2 an older ticket
local stamp = redis.call('HGET', KEYS[3], ARGV[1])
if stamp then
  local number, epoch = string.match(stamp, '^(%d+) (%d+)')
  if tonumber(number) > tonumber(ARGV[3]) then return -2 end
  if tonumber(number) == tonumber(ARGV[3]) and tonumber(epoch) > tonumber(ARGV[4]) then return -2 end
end
local place = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or (ARGV[6] ~= '' and ARGV[6]) or redis.call('HINCRBY', KEYS[4], 'place', 1))
if ARGV[6] ~= '' then place = math.min(place, tonumber(ARGV[6])) end
stamp = ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5]
redis.call('ZADD', KEYS[1], place, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[3], ARGV[1], stamp)
local revision = redis.call('HINCRBY', KEYS[4], 'revision', 1)
redis.call('SPUBLISH', KEYS[5], cjson.encode({ revision, 'put', ARGV[1], place, stamp, ARGV[2] }))
return { place, redis.call('ZRANK', KEYS[1], ARGV[1]) }
