#!lua flags=allow-oom
-- Notes in a node's index that the node has to end a session.
-- KEYS: 1 index
-- ARGV: 1 session  2 deadline (end of its grace, ms; 0: it is held)  3 absent ('1' a note that is there stays; else '')
-- Returns how many entries were added
local index = unpack(KEYS)
local session, deadline, absent = unpack(ARGV)
if absent == '1' then return redis.call('ZADD', index, 'NX', deadline, session) end
return redis.call('ZADD', index, deadline, session)
