# <m08_manual_training>
