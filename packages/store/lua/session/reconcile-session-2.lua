#!lua flags=allow-oom
-- Compares a node's cached state of a session with Redis, after the node may have missed something. A session that was
-- detached meanwhile is live again, in the next epoch.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 epoch  2 offset (number of the last event that the node passed on)
-- Returns { epoch, session's fields, missed events }
-- Errors: -1 unknown · -2 fenced · -5 gap: an event after the offset is no longer kept
local session, outbox = unpack(KEYS)
local epoch, offset = unpack(ARGV)
local state, current, number = unpack(redis.call('HMGET', session, 'state', 'epoch', 'number'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
local missed = redis.call('XRANGE', outbox, '(0-' .. offset, '+')
if tonumber(number) - tonumber(offset) ~= #missed then return -5 end
if state == 'detached' then
  current = redis.call('HINCRBY', session, 'epoch', 1)
  redis.call('HSET', session, 'state', 'live')
  redis.call('HDEL', session, 'deadline')
end
return { tonumber(current), redis.call('HGETALL', session), missed }
