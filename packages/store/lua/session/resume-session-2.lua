#!lua flags=allow-oom
-- Takes a session over for a node, in the next epoch, with every event after the client's offset. If that is refused,
-- nothing changes.
-- KEYS: 1 session  2 outbox
-- ARGV: 1 secret (hash of the recovery secret)  2 offset (the client's)  3 node
--       4 user ('' by the secret; else by the user: it is detached, and its client can't recover)
--       5 bearer (user of the token of the client that is back as that user; '' none)
-- Returns { epoch, session's fields, missed events, deadline that it had or 0 }
-- Errors: -1 unknown · -4 wrongSecret: or it is not to be taken over by that user · -5 gap: an event after the offset is no longer kept
local session, outbox = unpack(KEYS)
local secret, offset, node, user, bearer = unpack(ARGV)
local state, right, number, deadline, byUser, current, opener =
  unpack(redis.call('HMGET', session, 'state', 'secret', 'number', 'deadline', 'byUser', 'user', 'bearer'))
if not state or state == 'ending' then return -1 end
if user == '' then
  if right ~= secret then return -4 end
elseif state ~= 'detached' or not byUser or current ~= user or (opener or '') ~= bearer then
  return -4
end
local missed = redis.call('XRANGE', outbox, '(0-' .. offset, '+')
if tonumber(number) - tonumber(offset) ~= #missed then return -5 end
local epoch = redis.call('HINCRBY', session, 'epoch', 1)
redis.call('HSET', session, 'state', 'live', 'node', node)
redis.call('HDEL', session, 'deadline')
redis.call('SPUBLISH', outbox, '0\n{"epoch":' .. epoch .. '}\n') -- the node that held it lets go
return { epoch, redis.call('HGETALL', session), missed, tonumber(deadline or 0) }
