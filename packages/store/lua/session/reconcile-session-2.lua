#!lua
-- Compares what a node believes of a session with the truth, after it may have missed something. A session that was given up for
-- dead meanwhile, and not yet finalized, is live again, in a new epoch.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 epoch  2 number of the last event that the node passed on
-- Returns { epoch, session's fields, missed events } · -1 no such session · -2 fenced · -5 can't be filled whole
local state, epoch, number = unpack(redis.call('HMGET', KEYS[1], 'state', 'epoch', 'number'))
if not state or state == 'ending' then return -1 end
if epoch ~= ARGV[1] then return -2 end
local missed = redis.call('XRANGE', KEYS[2], '(0-' .. ARGV[2], '+')
if tonumber(number) - tonumber(ARGV[2]) ~= #missed then return -5 end
if state == 'detached' then
  epoch = redis.call('HINCRBY', KEYS[1], 'epoch', 1)
  redis.call('HSET', KEYS[1], 'state', 'live')
  redis.call('HDEL', KEYS[1], 'deadline')
end
return { tonumber(epoch), redis.call('HGETALL', KEYS[1]), missed }
