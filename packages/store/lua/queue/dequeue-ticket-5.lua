#!lua
-- Takes a session's ticket out of a queue.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes (channel)
-- ARGV: 1 session  2 number of the newest ticket to take (a newer one stays)
-- Returns 1 · 0 it had none, or a newer one
local stamp = redis.call('HGET', KEYS[3], ARGV[1])
if not stamp or tonumber(string.match(stamp, '^%d+')) > tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
local revision = redis.call('HINCRBY', KEYS[4], 'revision', 1)
redis.call('SPUBLISH', KEYS[5], cjson.encode({ revision, 'drop', ARGV[1] }))
return 1
