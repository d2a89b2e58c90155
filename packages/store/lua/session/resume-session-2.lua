#!lua
-- Takes a session over for a node, in a new epoch, with everything after the client's offset; or not at all.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 hash of the recovery secret  2 the client's offset  3 node
-- Returns { epoch, session's fields, missed events, deadline that it had or 0 } · -1 no such session · -4 wrong secret · -5 can't be filled whole
local state, secret, number, deadline =
  unpack(redis.call('HMGET', KEYS[1], 'state', 'secret', 'number', 'deadline'))
if not state or state == 'ending' then return -1 end
if secret ~= ARGV[1] then return -4 end
local missed = redis.call('XRANGE', KEYS[2], '(0-' .. ARGV[2], '+')
if tonumber(number) - tonumber(ARGV[2]) ~= #missed then return -5 end
local epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('HSET', KEYS[1], 'state', 'live', 'node', ARGV[3])
redis.call('HDEL', KEYS[1], 'deadline')
redis.call('SPUBLISH', KEYS[2], '0\n{"epoch":' .. epoch .. '}\n') -- the node that held it lets go
return { epoch, redis.call('HGETALL', KEYS[1]), missed, tonumber(deadline or 0) }
