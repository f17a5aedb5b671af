4U³Y:a‰ó0`L¨«cYQ[Ğy…Hä•ÉEĞ<)üÜLRÜŸè„›ÜüI8ÑPÆoÛ&ßfÁj·Ç¶xtùM
