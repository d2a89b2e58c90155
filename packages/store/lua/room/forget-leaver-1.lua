#!lua flags=allow-oom
-- Forgets that a session has left a room, after the others were notified of that very leaving.
-- KEYS: 1 gone
-- ARGV: 1 session  2 revision (of its leaving)
-- Returns 1 · 0 it left by another revision, or is forgotten
local gone = unpack(KEYS)
local session, revision = unpack(ARGV)
local entry = redis.call('HGET', gone, session)
if not entry or string.match(entry, '^%d+') ~= revision then return 0 end
redis.call('HDEL', gone, session)
return 1
