# SPDX-License-Identifier: BSD-2-Clause
# A probe in one file: all that it is, changed together or not at all.
$probefs = '/probefs'
$bpffs = '/sys/fs/bpf'

file { "${probefs}/uprobe/lines":
  ensure => directory,
  backup => false,
}

file { "${probefs}/uprobe/lines/config":
  backup  => false,
  content => @("END"),
    # what is typed to bash
    path: /usr/bin/bash
    symbol: readline
    cookie: 0x2a
    attach: ${bpffs}/my_prog
    pin: ${bpffs}/my_link
    | END
}
