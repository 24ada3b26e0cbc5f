# <m09_data>
