#!lua
-- Notes the user that a session stands for, before the user is claimed, so that ending or evicting the session finds
-- the user. Every user that the session was claimed for, and that has not been released, stays noted until the
-- session's end.
-- KEYS: 1 session
-- ARGV: 1 user  2 released (user that it stood for, and that was released; '' none)  3 epoch
-- Returns 1
-- Errors: -1 unknown · -2 fenced
local session = unpack(KEYS)
local user, released, epoch = unpack(ARGV)
local state, current = unpack(redis.call('HMGET', session, 'state', 'epoch'))
if not state or state == 'ending' then return -1 end
if current ~= epoch then return -2 end
redis.call('HDEL', session, CLAIMED_USER .. released)
redis.call('HSET', session, 'user', user, CLAIMED_USER .. user, '')
return 1
