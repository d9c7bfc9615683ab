# SPDX-License-Identifier: BSD-2-Clause
# Two probes: one with a built-in program, one with a program that is pinned.
$probefs = '/probefs'
$bpffs = '/sys/fs/bpf'

# Nothing to compare but the text: no backup, no copy in the filebucket.
File {
  backup => false,
}

file { "${probefs}/uprobe/bash:readline":
  ensure => directory,
}

file { "${probefs}/uprobe/bash:readline/attach":
  content => "count\n",
}

file { "${probefs}/uprobe/libc.so.6:getaddrinfo":
  ensure => directory,
}

file { "${probefs}/uprobe/libc.so.6:getaddrinfo/cookie":
  content => "0x2a\n",
}

file { "${probefs}/uprobe/libc.so.6:getaddrinfo/attach":
  content => "${bpffs}/my_prog\n",
}

file { "${probefs}/uprobe/libc.so.6:getaddrinfo/pin":
  content => "${bpffs}/my_link\n",
}
