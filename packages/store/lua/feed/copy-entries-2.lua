#!lua flags=allow-oom
-- Copies the next entries of a feed to a draft, without what a user is named in: the user's messages are erased, or go on
-- under another name. Entries keep their ids. A draft that nobody goes on with is gone after a while. The rest of an event
-- stays as it is, byte for byte: cjson refuses texts that clients may send, such as half of a surrogate pair.
-- KEYS: 1 feed  2 draft
-- ARGV: 1 user (in lower case)  2 name (in the place of the user's; '' the messages are erased)  3 upto (ms: later messages
--       are another one's)  4 most (entries)  5 kept (ms)
-- Returns how many were copied
local feed, draft = unpack(KEYS)
local user, name, upto, most, kept = unpack(ARGV)
local last = redis.call('XREVRANGE', draft, '+', '-', 'COUNT', 1)[1]
local entries = redis.call('XRANGE', feed, last and '(' .. last[1] or '-', '+', 'COUNT', most)
local named = '"user":"' .. user .. '"' -- in a text the quotation marks have backslashes
for _, entry in ipairs(entries) do
  local fields = entry[2]
  local text = fields[2]
  local from, to = string.find(string.lower(text), named, 1, true)
  if from and tonumber(string.match(entry[1], '^%d+')) <= tonumber(upto) then
    local renamed = string.sub(text, 1, from - 1) .. '"user":' .. cjson.encode(name) .. string.sub(text, to + 1)
    fields[2] = name == '' and '{"type":"erased"}' or string.gsub(renamed, '"session":"[^"]*"', '"session":""', 1)
  end
  redis.call('XADD', draft, entry[1], unpack(fields))
end
redis.call('PEXPIRE', draft, kept)
return #entries
