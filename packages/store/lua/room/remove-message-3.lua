#!lua flags=allow-oom
-- Takes a message out of a room's history. In a room that clients name that counts as a change, so that a session that
-- is about to be seated with an older list of messages reads a new one. Repeatable.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 id (of the message)
-- Returns { room's revision ('' for a pair, or where the room is gone), session … }
local meta, peers, chat = unpack(KEYS)
local id = unpack(ARGV)
local removed = redis.call('XDEL', chat, id)
local revision = redis.call('HGET', meta, 'revision')
if revision and removed == 1 then revision = string.format('%.0f', redis.call('HINCRBY', meta, 'revision', 1)) end
return { revision or '', unpack(redis.call('HKEYS', peers)) }
