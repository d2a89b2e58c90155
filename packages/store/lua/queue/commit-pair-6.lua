#!lua
-- Makes a pairing final: both tickets still there and unchanged → both gone, the assignment written; else nothing.
-- KEYS: 1 waiting  2 tickets  3 stamps  4 meta  5 changes (channel)  6 assignments
-- ARGV: 1 session  2 its stamp  3 other session  4 its stamp  5 room  6 what the two waited together (ms)
-- Returns 1 · 0 a ticket is gone or has changed
local stamps = redis.call('HMGET', KEYS[3], ARGV[1], ARGV[3])
if stamps[1] ~= ARGV[2] or stamps[2] ~= ARGV[4] then return 0 end
local tickets = redis.call('HMGET', KEYS[2], ARGV[1], ARGV[3])
local places = redis.call('ZMSCORE', KEYS[1], ARGV[1], ARGV[3])
redis.call('ZREM', KEYS[1], ARGV[1], ARGV[3])
redis.call('HDEL', KEYS[2], ARGV[1], ARGV[3])
redis.call('HDEL', KEYS[3], ARGV[1], ARGV[3])
redis.call('XADD', KEYS[6], '*', 'room', ARGV[5], 'one', ARGV[1], 'oneStamp', ARGV[2], 'onePlace', places[1],
  'oneTicket', tickets[1], 'two', ARGV[3], 'twoStamp', ARGV[4], 'twoPlace', places[2], 'twoTicket', tickets[2])
redis.call('HINCRBY', KEYS[4], 'pairs', 1)
redis.call('HINCRBY', KEYS[4], 'waitedMs', ARGV[6])
local revision = redis.call('HINCRBY', KEYS[4], 'revision', 1)
redis.call('SPUBLISH', KEYS[5], cjson.encode({ revision, 'drop', ARGV[1], ARGV[3] }))
return 1
