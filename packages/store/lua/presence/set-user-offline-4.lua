#!lua
-- A user is online no more, if it was by this session; the others are told, once.
-- KEYS: 1 people  2 arrivals  3 feed (stream and channel)  4 meta
-- ARGV: 1 session  2 user  3 event that tells the others (JSON)  4 now (ms)  5 entries to keep  6 number of its claim ('' any)
-- Returns 1 · 0 it is not online by that session, or by that claim
local by, claim = string.match(redis.call('HGET', KEYS[1], ARGV[2]) or '', '^(%S+) (%d+) ')
if by ~= ARGV[1] or (ARGV[6] ~= '' and claim ~= ARGV[6]) then return 0 end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
local fed = redis.call('HINCRBY', KEYS[4], 'fed', 1)
local at = math.max(tonumber(ARGV[4]), tonumber(redis.call('HGET', KEYS[4], 'fedAt') or 0))
local id = string.format('%.0f-%.0f', at, fed)
redis.call('HSET', KEYS[4], 'fedAt', string.format('%.0f', at), 'last', id)
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], id, 'e', ARGV[3], 'x', ARGV[1])
redis.call('SPUBLISH', KEYS[3], id .. '\n' .. ARGV[1] .. '\n' .. ARGV[3])
return 1
